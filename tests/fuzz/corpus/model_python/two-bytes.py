# coding: gbk
x = '乗'
